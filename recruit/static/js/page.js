// What every page needs: an error summary that is announced and reached first.
document.querySelector("[data-focus]")?.focus();

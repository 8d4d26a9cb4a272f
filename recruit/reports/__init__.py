"""Documents about a requisition: reports, scorecards, exports, what candidates may ask for."""

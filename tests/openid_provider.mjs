// A certified OpenID Connect provider, for tests. Arguments: its port and, as JSON, the client and
// the claims of each person by subject. Whoever gives a subject as their name is signed in as that.
import { Provider } from "oidc-provider";

const [port, client, people] = process.argv.slice(2);
const claims = JSON.parse(people);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  // On this machine alone there is no HTTPS, which only native applications may do without.
  clients: [{ application_type: "native", ...JSON.parse(client) }],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["for tests"] },
  findAccount: (_context, subject) => ({
    accountId: subject,
    claims: () => ({ sub: subject, ...claims[subject] }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));

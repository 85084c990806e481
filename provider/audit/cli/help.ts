// What `fudo-audit --help` prints: 80 columns, for every terminal.

export const help = `fudo-audit: what Pulumi stacks declare against what a Fudo appliance has

  fudo-audit --stack dev --stack prod     compare these stacks with it
  fudo-audit --all-stacks --all-sessions  every stack, every visible session
  fudo-audit doctor [--session ID]        settings, connection, certificate,
                                          key, rights, clock

What to audit
  --stack NAME         a stack, read through \`pulumi stack export\`; repeatable
  --all-stacks         every stack of the backend that pulumi is logged in to
  --cwd DIR            where pulumi runs (here)
  --state FILE|-       the output of \`pulumi stack export\`; repeatable
  --session ID         a further session; repeatable
  --all-sessions       every session that the API user sees
  --previous FILE      the last JSON report: shares that it knew as not ended
                       stay in view
  --skip-other-appliances
                       leave out declared shares that live on another appliance

What counts
  --max-duration PT8H  longest window allowed (FUDO_MAX_DURATION, else P30D)
  --require-label NAME a label that each live share must have; repeatable
  --fail-on SEVERITY   high, medium, low (default: any finding) or none

Reports
  -o, --output FORMAT[=FILE]
                       table, json, csv, sarif, markdown, html; repeatable.
                       Without one for standard output, the table goes there.

Settings, from the environment; a stack's configuration is not read
  FUDO_URL, FUDO_API_KEY, FUDO_CA_CERTIFICATE, FUDO_CERTIFICATE_FINGERPRINT,
  FUDO_INSECURE_SKIP_VERIFY, FUDO_MAX_DURATION, FUDO_TIMEOUT

It only looks: nothing but GET leaves it, and no key or link is in its reports.
Stacks are read without their passphrase.

Exit codes
  0  nothing found in scope   1  findings at or above --fail-on
  2  wrong usage or settings  3  something could not be looked at (outranks 1)
`;

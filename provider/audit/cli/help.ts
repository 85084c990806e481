// The text of `fudo-audit --help`: 80 columns, so that it fits every terminal.

export const help = `fudo-audit: compares Pulumi stacks with the shares of a Fudo appliance

  fudo-audit --stack dev --stack prod     audit these stacks
  fudo-audit --all-stacks --all-sessions  audit all stacks and visible sessions
  fudo-audit doctor [--session ID]        check settings, connection,
                                          certificate, key, rights and clock
  fudo-audit doctor --session ID --test-share
                                          also make one share of 60 seconds, and
                                          describe how the appliance responds
  fudo-audit --version                    print the version

What to audit
  --stack NAME         a stack, read with \`pulumi stack export\`; repeatable
  --all-stacks         every stack of the backend that pulumi is logged in to
  --cwd DIR            the folder where pulumi runs (default: this folder)
  --state FILE|-       the output of \`pulumi stack export\`; repeatable
  --session ID         an additional session; repeatable
  --all-sessions       every session that the API user can see
  --previous FILE      the previous JSON report: its shares that had not expired
                       stay in the inventory
  --renamed-from URL   the appliance's address in the previous report, if it has
                       another one now
  --skip-other-appliances
                       exclude declared shares that are on another appliance

What to report
  --max-duration PT8H  longest allowed window (default: maxDuration or P30D)
  --ends-within PT24H  report declared shares that expire sooner
  --require-label NAME a label that each live share must have; repeatable
  --accept FILE        JSON file of findings that are accepted until a date
  --fail-on SEVERITY   high, medium, low (default) or none; info never fails
  --webhook URL        post new findings as JSON, the ones that --previous does
                       not have; FUDO_WEBHOOK_URL keeps the URL off the command
                       line

Reports
  -o, --output FORMAT[=FILE]
                       table, json, csv, sarif, markdown, html; repeatable.
                       Without FILE: standard output. The table goes to
                       standard output unless another report goes there.

Doctor
  --session ID         the session whose list to read
  --test-share         make one view-only share of 60 seconds on this session;
                       the API cannot revoke it, and its link is not printed
  --yes                do not ask before that; needed without a terminal
  -o json=FILE         write what doctor saw: an appliance profile, for reports
                       and for \`fudo-emulator --profile FILE\`

Settings
  FUDO_API_KEY         from the environment only
  FUDO_URL, FUDO_CA_CERTIFICATE, FUDO_CERTIFICATE_FINGERPRINT,
  FUDO_INSECURE_SKIP_VERIFY, FUDO_MAX_DURATION, FUDO_TIMEOUT
                       from the environment, else from the configuration of the
                       stacks that --stack names

Read-only: sends GET requests only, except the one POST of doctor --test-share.
The webhook gets one POST, and no API key.
Reports contain no keys and no links.
Reading a stack does not need its passphrase.

Exit codes
  0  no findings at or above --fail-on, or all of them accepted
  1  findings at or above --fail-on, not accepted
  2  wrong usage or settings, or a report or the webhook failed
  3  a check of doctor failed, or the audit is incomplete (overrides 1)
`;

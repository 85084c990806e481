// The error for a wrong command line or an unusable file that the command line names.

/** Wrong usage: one sentence for the user. The command prints it and exits with 2. */
export class UsageError extends Error {}

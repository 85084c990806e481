// The names of a share's statuses. They have their own file, so that the declarations of the public API need no types of zod.

/** `scheduled`: the window has not started. `active`: the window is open. */
export type ShareStatus = "scheduled" | "active" | "expired" | "removed";

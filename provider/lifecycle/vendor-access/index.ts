// The public names of the component VendorAccess: what the SDK and the plugin use of it. The calendar is loaded apart, because
// a preview needs none.
export { checkAccess, shareInputs, type RawAccess, type SharedSessions } from "./arguments";
export { handOverText, linksBySession, type Links } from "./hand-over";
export { sharedSessionOutputs, type SharedSession } from "./shared-session";
export { unknown } from "../share/unknown";
export { aliasesOf, foundSessions, shareName, withVendor, type ShareAlias } from "./shares";

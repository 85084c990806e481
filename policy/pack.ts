// The policy pack that `pulumi preview --policy-pack node_modules/pulumi-fudo/policy` starts.
import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { policies } from "./index";

// The SDK takes the pack's version from the package.json in the working directory: the pack has the version of the package.
process.chdir(join(__dirname, "..", ".."));
new PolicyPack("fudo", { policies: policies(), enforcementLevel: "mandatory" });

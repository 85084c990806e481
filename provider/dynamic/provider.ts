// The module that `SessionShare` hands to the engine, frozen: its text stands in every user's state, and the two paths
// (this file's and face.js's) are a promise for ever. Installed it is captured by path, linked by value, so every
// export is an arrow that captures nothing and requires the face when called.
import type * as pulumi from "@pulumi/pulumi";

const provider: pulumi.dynamic.ResourceProvider = {
  configure: (request) => require("pulumi-fudo/dist/provider/dynamic/face.js").configure(request),
  check: (olds, news) => require("pulumi-fudo/dist/provider/dynamic/face.js").check(olds, news),
  diff: (id, olds, news) => require("pulumi-fudo/dist/provider/dynamic/face.js").diff(id, olds, news),
  create: (inputs) => require("pulumi-fudo/dist/provider/dynamic/face.js").create(inputs),
  read: (id, props) => require("pulumi-fudo/dist/provider/dynamic/face.js").read(id, props),
  update: (id, olds, news) => require("pulumi-fudo/dist/provider/dynamic/face.js").update(id, olds, news),
  delete: (id, props) => require("pulumi-fudo/dist/provider/dynamic/face.js").delete(id, props),
};

export = provider;

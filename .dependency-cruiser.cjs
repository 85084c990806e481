// `npm run lint` checks with this that there are no circular imports, type-only ones included. ESLint checks the layers.
module.exports = {
  forbidden: [{ name: "no-circular", severity: "error", from: {}, to: { circular: true } }],
  options: {
    doNotFollow: { path: "node_modules" },
    // Generated: scripts/sdk.mjs.
    exclude: { path: "^sdk/nodejs-plugin/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};

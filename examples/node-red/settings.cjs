// Node-RED without an editor: it runs the flows of this folder, on this machine alone.
module.exports = {
  flowFile: 'flows.json',
  uiHost: process.env.NODE_RED_HOST || '127.0.0.1',
  uiPort: Number(process.env.NODE_RED_PORT || 1880),
  httpAdminRoot: false,
  httpNodeRoot: '/',
  disableEditor: true,
  telemetry: { enabled: false },
  externalModules: { autoInstall: false, palette: { allowInstall: false }, modules: { allowInstall: false } },
  functionExternalModules: true,
  logging: { console: { level: 'info', metrics: false, audit: false } },
};

// Lint rules for workflow code: a flat configuration for ESLint, and the plugin that it is made of.

export { plugin, plugin as default, recommended } from './eslint/plugin.ts'

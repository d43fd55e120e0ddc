/** Everything that needs the engine, loaded in one go after `initialize` was answered. */
export { createSession } from '../session';
export { codeActions } from './codeAction';
export { documentSaved, pullDiagnostics, pushDiagnostics, refreshDiagnostics, settingsChanged } from './diagnostics';
export { executeCommand } from './executeCommand';
export { hoverAt } from './hover';
export { inlayHintsIn, refreshInlayHints } from './inlayHint';
export { listLayers } from './layers';
export { layersView } from './layersView';
export { forgetMeasurements, importMeasurements, measure } from './measurements';
export { planOptimization } from './optimize';
export { resolveCodeAction } from './resolveCodeAction';
export { listRules, rulePage } from './rulePage';

/** ECO358: switches for debugging that check or synchronise at every operator. */
import type { Call, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { isConditional } from './patterns/places.js';
import { aboutText } from './patterns/policy.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { removeStatement } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName } from './semantic/names.js';
import type { Scope } from './semantic/parts.js';
import { walk } from './semantic/walk.js';

const switches = new Map([
  ['torch.autograd.set_detect_anomaly', 'set_detect_anomaly'],
  ['torch.autograd.anomaly_mode.set_detect_anomaly', 'set_detect_anomaly'],
  ['torch.autograd.detect_anomaly', 'detect_anomaly'],
  ['torch.autograd.anomaly_mode.detect_anomaly', 'detect_anomaly'],
  ['torch.autograd.profiler.emit_nvtx', 'emit_nvtx'],
  ['torch.cuda.set_sync_debug_mode', 'set_sync_debug_mode'],
]);

export default defineRule({
  code: 'ECO358',
  name: 'debug-mode-left-on',
  family: 'compile/graph',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'formula',
  since: '0.1.0',
  minTorch: 'any',
  evidence: [
    {
      claim: 'Debugging APIs such as anomaly detection and the profiler should be switched off for regular training.',
      source: 'https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html',
    },
    {
      claim: 'Anomaly detection should be enabled only for debugging, as it slows the program down.',
      source: 'https://docs.pytorch.org/docs/stable/autograd.html#anomaly-detection',
    },
  ],
  messages: {
    detected: {
      en: '{name} is for debugging: it checks or synchronises at every operator.',
      zh: '{name} 仅用于调试：它会在每个算子处检查或同步。',
    },
    fix: { en: 'Remove it', zh: '删除' },
  },
  gate: ['detect_anomaly', 'emit_nvtx', 'set_sync_debug_mode', 'CUDA_LAUNCH_BLOCKING'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    for (const scope of [...index.functions, index.top]) {
      if (/debug|profile|trace/i.test(scope.name)) continue;
      for (const call of scope.calls) {
        const name = switches.get(qualifiedName(call.func, index, scope) ?? '');
        if (name === undefined || isSwitchedByFlag(call) || isConditional(call, scope, index)) continue;
        // Marks for a profiler that the file steers itself
        if (name === 'emit_nvtx' && profiles(index)) continue;
        const parent = index.parent(call);
        const edit = parent?.type === 'Expr' ? removeStatement(parent, index) : null;
        context.report({
          messageId: 'detected',
          node: call,
          data: { name },
          fix: edit === null ? null : { messageId: 'fix', safety: 'safe', edits: [edit] },
        });
      }
    }
    for (const statement of index.tree.statements) {
      walk(statement.node, (node) => {
        if (node.type === 'Assign' && isLaunchBlocking(node, index)) {
          const scope = index.scopeOf(node);
          if (isConditional(node, scope, index)) return;
          const edit = removeStatement(node, index);
          context.report({
            messageId: 'detected',
            node,
            data: { name: 'CUDA_LAUNCH_BLOCKING' },
            fix: edit === null ? null : { messageId: 'fix', safety: 'safe', edits: [edit] },
          });
        }
      });
    }
  },
});

/** The file names its phases for NVIDIA's profiler, or starts it. */
const profiles = aboutText(
  /\bimport nvtx\b|\bfrom nvtx\b|nvtx\.(range_push|annotate|range\(|mark)|cudart\(\)|profiler\.(start|profile)\(|cudaProfilerStart/,
);

/** `set_detect_anomaly(args.debug)`: someone chooses. */
function isSwitchedByFlag(call: Call): boolean {
  const first = call.args[0] ?? call.keywords[0]?.value;
  if (first === undefined) return false;
  return !(first.type === 'Constant' && first.value !== false && first.value !== 0 && first.value !== 'default');
}

function isLaunchBlocking(stmt: Extract<Stmt, { type: 'Assign' }>, index: ModuleIndex): boolean {
  const target = stmt.targets[0];
  if (target?.type !== 'Subscript' || target.slice.type !== 'Constant' || target.slice.value !== 'CUDA_LAUNCH_BLOCKING')
    return false;
  const scope: Scope = index.scopeOf(stmt);
  return (
    qualifiedName(target.value, index, scope) === 'os.environ' &&
    stmt.value.type === 'Constant' &&
    stmt.value.value === '1'
  );
}

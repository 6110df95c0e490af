/**
 * The release of PyTorch that first had a public name (its release notes and documentation). What the selected
 * version does not have is absent: `hasattr` is false, an import raises, and code takes its other way.
 */
import type { ModuleTree, Stmt } from '../syntax/ast.js';

type Version = readonly [number, number];

/** Release -> module or class -> names. */
const added: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '2.0': {
    torch:
      'newaxis signal compile func vmap set_default_device _dynamo sym_float sym_int sym_max sym_min sym_not SymBool SymFloat SymInt _check _foreach_lerp _foreach_lerp_ mps cond OutOfMemoryError',
    'torch.nn.functional': 'scaled_dot_product_attention _canonical_mask _none_or_dtype',
    'torch.Tensor': 'untyped_storage',
    'torch.nn.modules.module.Module': 'register_full_backward_pre_hook register_state_dict_pre_hook call_super_init',
    'torch.optim.lr_scheduler': 'LRScheduler',
    'torch.utils.checkpoint': 'noop_context_fn',
    'torch.autograd': 'set_multithreading_enabled',
  },
  '2.1': {
    torch:
      'compiler export nonzero_static float8_e4m3fn float8_e5m2 sym_ite _check_index _check_is_size _check_not_implemented _check_tensor_all _check_tensor_all_with _check_type _check_value _check_with _foreach_clamp_max_ _foreach_clamp_min_ _foreach_copy_ _foreach_pow _foreach_pow_ _foreach_sign xpu _overload get_device_module',
    'torch.nn': 'CircularPad1d CircularPad2d CircularPad3d ZeroPad1d ZeroPad3d',
    'torch.Tensor': 'nonzero_static register_post_accumulate_grad_hook dim_order',
    'torch.nn.utils.parametrizations': 'weight_norm _WeightNorm',
    'torch.nn.utils': 'fuse_linear_bn_eval fuse_linear_bn_weights',
    'torch.backends': 'cpu',
  },
  '2.2': {
    torch: 'unravel_index float8_e4m3fnuz float8_e5m2fnuz Event',
    'torch.nn.modules.module.Module': 'compile',
    'torch.nn.utils': 'convert_conv3d_weight_memory_format',
  },
  '2.3': {
    torch: 'uint16 uint32 uint64 uint4 jagged get_default_device',
    'torch.nn': 'attention LPPool3d',
    'torch.nn.functional': 'lp_pool3d',
    'torch.amp': 'GradScaler grad_scaler',
    'torch.cuda': 'MemPool use_mem_pool',
  },
  '2.4': {
    torch: 'rms_norm get_autocast_dtype',
    'torch.nn': 'RMSNorm',
    'torch.nn.functional': 'rms_norm',
    'torch.amp': 'custom_fwd custom_bwd is_autocast_available',
    'torch.utils.checkpoint': 'CheckpointPolicy create_selective_checkpoint_contexts set_checkpoint_debug_enabled',
  },
  '2.5': {
    'torch.nn': 'Buffer',
    'torch.nn.modules.module.Module': 'register_load_state_dict_pre_hook register_state_dict_post_hook set_submodule',
    'torch.nn.attention': 'flex_attention',
    'torch.optim': 'Adafactor _adafactor',
  },
  '2.6': {
    torch: 'accelerator sym_sum',
    'torch.nn.utils': 'get_total_norm clip_grads_with_norm_',
  },
  '2.7': {
    torch: 'float8_e8m0fnu int4 is_autocast_ipu_enabled is_autocast_xla_enabled',
    'torch.utils.checkpoint': 'set_checkpoint_early_stop',
    'torch.cuda': 'is_tf32_supported',
  },
  '2.8': {
    torch: 'float4_e2m1fn_x2',
  },
  '2.10': {
    'torch.nn.functional': 'grouped_mm',
  },
  '2.9': {
    'torch.optim': 'Muon _muon',
  },
};

const since = new Map<string, Version>();
for (const [release, owners] of Object.entries(added)) {
  const [major, minor] = release.split('.').map(Number) as [number, number];
  for (const [owner, names] of Object.entries(owners))
    for (const name of names.split(' ')) since.set(`${owner}.${name}`, [major, minor]);
}

const older = (a: Version, b: Version): boolean => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);

/** True when that version of PyTorch does not have the name (or the module it is in) yet. */
export function isLater(qualifiedName: string, version: Version): boolean {
  const first = since.get(qualifiedName);
  return first !== undefined && older(version, first);
}

/** Modules and classes in which some release added names. */
const owners: ReadonlySet<string> = new Set(Object.values(added).flatMap((names) => Object.keys(names)));

/** The tree of one of our library modules as that version has it. */
export function asOf(tree: ModuleTree, module: string, version: Version): ModuleTree {
  const statements: ModuleTree['statements'][number][] = [];
  let changed = false;
  for (const s of tree.statements) {
    const name = s.defines === null ? null : `${module}.${s.defines.name}`;
    // most definitions are told whole by their header
    if (name !== null && !isLater(name, version) && !owners.has(name)) {
      statements.push(s);
      continue;
    }
    const node = trimmed(s.node, module, version);
    if (node !== s.node) changed = true;
    if (node !== null) statements.push(node === s.node ? s : { ...s, node });
  }
  return changed ? { ...tree, statements } : tree;
}

/** A statement without the names that are later; null when nothing of it is left. */
function trimmed(node: Stmt, owner: string, version: Version): Stmt | null {
  const later = (name: string): boolean => isLater(`${owner}.${name}`, version);
  switch (node.type) {
    case 'ImportFrom': {
      const names = node.names.filter((a) => !later(a.asname ?? a.name));
      return names.length === node.names.length ? node : names.length === 0 ? null : { ...node, names };
    }
    case 'FunctionDef':
      return later(node.name) ? null : node;
    case 'ClassDef': {
      if (later(node.name)) return null;
      const body = node.body.map((s) => trimmed(s, `${owner}.${node.name}`, version)).filter((s) => s !== null);
      return body.length === node.body.length ? node : { ...node, body };
    }
    case 'Assign':
      return node.targets.some((t) => t.type === 'Name' && later(t.id)) ? null : node;
    default:
      return node;
  }
}

/** All families of operators; the registry indexes them by name. */
import type { OperatorDeclaration } from './operator.js';
import { activationOperators } from './ops/activation.js';
import { attentionOperators } from './ops/attention.js';
import { convolutionOperators } from './ops/convolution.js';
import { copyOperators } from './ops/copy.js';
import { einsumOperators } from './ops/einsum.js';
import { factorisationOperators } from './ops/factorisations.js';
import { factoryOperators } from './ops/factoryTable.js';
import { fourierOperators } from './ops/fourier.js';
import { gatherOperators } from './ops/gatherTable.js';
import { indexingOperators } from './ops/indexing.js';
import { joinOperators } from './ops/join.js';
import { linalgOperators } from './ops/linalg.js';
import { lossOperators } from './ops/losses.js';
import { matmulOperators } from './ops/matmulTable.js';
import { methodOperators } from './ops/methods.js';
import { miscOperators } from './ops/misc.js';
import { normalizationOperators } from './ops/normalization.js';
import { pointwiseOperators } from './ops/pointwiseTable.js';
import { poolingOperators } from './ops/pooling.js';
import { recurrentOperators } from './ops/recurrent.js';
import { reductionOperators } from './ops/reductionTable.js';
import { sortingOperators } from './ops/sorting.js';
import { viewOperators } from './ops/viewTable.js';
import { visionOperators } from './ops/vision.js';

export const families: readonly (readonly OperatorDeclaration[])[] = [
  viewOperators,
  copyOperators,
  pointwiseOperators,
  factoryOperators,
  joinOperators,
  matmulOperators,
  einsumOperators,
  reductionOperators,
  convolutionOperators,
  poolingOperators,
  normalizationOperators,
  activationOperators,
  attentionOperators,
  indexingOperators,
  gatherOperators,
  fourierOperators,
  linalgOperators,
  factorisationOperators,
  lossOperators,
  recurrentOperators,
  sortingOperators,
  visionOperators,
  methodOperators,
  miscOperators,
];

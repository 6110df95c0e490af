/** PyTorch's element types. Names as `str(torch.dtype)` without the prefix. */
import { PyObject } from '../python/values.js';

export type DTypeName =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float8_e4m3fn'
  | 'float8_e5m2'
  | 'float8_e4m3fnuz'
  | 'float8_e5m2fnuz'
  | 'float8_e8m0fnu'
  | 'float4_e2m1fn_x2'
  | 'complex32'
  | 'complex64'
  | 'complex128'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'int4'
  | 'uint4'
  | 'bool'
  | 'qint8'
  | 'quint8'
  | 'qint32';

export type DTypeKind = 'bool' | 'int' | 'float' | 'complex' | 'quantized';

export class DType extends PyObject {
  constructor(
    readonly name: DTypeName,
    /** Bytes per element. */
    readonly itemsize: number,
    readonly kind: DTypeKind,
    readonly signed: boolean,
  ) {
    super();
  }
}

const table: readonly [DTypeName, number, DTypeKind, boolean][] = [
  ['float64', 8, 'float', true],
  ['float32', 4, 'float', true],
  ['float16', 2, 'float', true],
  ['bfloat16', 2, 'float', true],
  ['float8_e4m3fn', 1, 'float', true],
  ['float8_e5m2', 1, 'float', true],
  ['float8_e4m3fnuz', 1, 'float', true],
  ['float8_e5m2fnuz', 1, 'float', true],
  ['float8_e8m0fnu', 1, 'float', false],
  ['float4_e2m1fn_x2', 1, 'float', true],
  ['complex32', 4, 'complex', true],
  ['complex64', 8, 'complex', true],
  ['complex128', 16, 'complex', true],
  ['int64', 8, 'int', true],
  ['int32', 4, 'int', true],
  ['int16', 2, 'int', true],
  ['int8', 1, 'int', true],
  ['uint8', 1, 'int', false],
  ['uint16', 2, 'int', false],
  ['uint32', 4, 'int', false],
  ['uint64', 8, 'int', false],
  ['int4', 0.5, 'int', true],
  ['uint4', 0.5, 'int', false],
  ['bool', 1, 'bool', false],
  ['qint8', 1, 'quantized', true],
  ['quint8', 1, 'quantized', false],
  ['qint32', 4, 'quantized', true],
];

export const dtypes = Object.fromEntries(table.map((row) => [row[0], new DType(...row)])) as Record<DTypeName, DType>;

/** Other names PyTorch accepts (`torch.half`, `torch.long` …). */
export const dtypeAliases: Readonly<Record<string, DTypeName>> = {
  double: 'float64',
  float: 'float32',
  half: 'float16',
  chalf: 'complex32',
  cfloat: 'complex64',
  cdouble: 'complex128',
  long: 'int64',
  int: 'int32',
  short: 'int16',
};

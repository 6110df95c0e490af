/**
 * What PyTorch's error messages say about shapes and dtypes: which rule family a message
 * belongs to, which of its numbers are the mismatch (the others, a batch size for instance,
 * only happen to stand beside it), and the problem in words.
 */

export type RejectionFamily =
  | 'product'
  | 'convolution'
  | 'broadcast'
  | 'view'
  | 'join'
  | 'dtype'
  | 'argument'
  | 'constructor';

export interface Rejection {
  readonly family: RejectionFamily;
  /** Equal for two runs exactly when the same extents (or dtypes) clash. */
  readonly key: string;
  readonly problem: { readonly en: string; readonly zh: string };
  /** Roles of the operands that clash, in the order of `operands`; null: the first two tensors. */
  readonly roles: readonly string[] | null;
}

interface Pattern {
  readonly family: RejectionFamily;
  readonly test: RegExp;
  /** Groups that are the mismatch; absent: every number of the message. */
  readonly key?: (m: RegExpExecArray) => string;
  readonly en: (m: RegExpExecArray) => string;
  readonly zh: (m: RegExpExecArray) => string;
  readonly roles?: (m: RegExpExecArray) => readonly string[];
}

const product = (shape: string): number =>
  shape
    .split(',')
    .map((d) => Number(d.trim()))
    .reduce((a, b) => a * b, 1);

/** The fraction in lowest terms: what stays when both sides grow with the batch. */
function ratio(a: number, b: number): string {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y > 0) [x, y] = [y, x % y];
  return x === 0 ? `${a}/${b}` : `${a / x}/${b / x}`;
}

const patterns: readonly Pattern[] = [
  {
    family: 'product',
    test: /^mat1 and mat2 shapes cannot be multiplied \(\w+x(\w+) and (\w+)x\w+\)/,
    en: (m) => `mat1 and mat2 shapes cannot be multiplied (${m[1]} against ${m[2]})`,
    zh: (m) => `mat1 与 mat2 的形状不能相乘（${m[1]} 对 ${m[2]}）`,
    key: (m) => `${m[1]}|${m[2]}`,
  },
  {
    family: 'product',
    test: /^mat1 and mat2 shapes cannot be multiplied \((\[[^\]]*\]) and (\[[^\]]*\])\)/,
    en: (m) =>
      `mat1 and mat2 shapes cannot be multiplied (${innerOf(m[1]!, m[2]!)[0]} against ${innerOf(m[1]!, m[2]!)[1]})`,
    zh: (m) => `mat1 与 mat2 的形状不能相乘（${innerOf(m[1]!, m[2]!)[0]} 对 ${innerOf(m[1]!, m[2]!)[1]}）`,
    key: (m) => innerOf(m[1]!, m[2]!).join('|'),
  },
  {
    family: 'product',
    test: /^Expected size for first two dimensions of batch2 tensor to be: \[(\w+), (\w+)\] but got: \[(\w+), (\w+)\]/,
    en: (m) =>
      m[1] === m[3]
        ? `the matrices cannot be multiplied (${m[2]} against ${m[4]})`
        : `the batches of matrices differ (${m[1]} against ${m[3]})`,
    zh: (m) => (m[1] === m[3] ? `矩阵不能相乘（${m[2]} 对 ${m[4]}）` : `矩阵的批大小不同（${m[1]} 对 ${m[3]}）`),
    key: (m) => (m[1] === m[3] ? `k${m[2]}|${m[4]}` : `b${m[1]}|${m[3]}`),
  },
  {
    family: 'product',
    test: /^size mismatch, got input \(\w+\), mat \(\w+x(\w+)\), vec \((\w+)\)/,
    en: (m) => `matrix and vector cannot be multiplied (${m[1]} against ${m[2]})`,
    zh: (m) => `矩阵与向量不能相乘（${m[1]} 对 ${m[2]}）`,
    key: (m) => `${m[1]}|${m[2]}`,
  },
  {
    family: 'product',
    test: /(?:input\.size\(-1\) must be equal to input_size\. Expected (\w+), got (\w+)|was expecting embedding dimension of (\w+), but got (\w+))/,
    en: (m) => `the last dimension must be ${m[1] ?? m[3]}, not ${m[2] ?? m[4]}`,
    zh: (m) => `最后一维必须是 ${m[1] ?? m[3]}，而不是 ${m[2] ?? m[4]}`,
    key: (m) => `${m[1] ?? m[3]}|${m[2] ?? m[4]}`,
  },
  {
    family: 'product',
    test: /^(?:einsum\(\): .*|inconsistent tensor size, .*|inner\(\) the last dimension must match.*|1D tensors expected.*|both arguments to (?:matmul|linear) need.*|(?:self|mat1|mat2) must be a matrix.*|batch[12] must be a 3D tensor|input has inconsistent input_size.*)$/,
    en: (m) => shortened(m[0]),
    zh: (m) => `矩阵运算的形状不符：${shortened(m[0])}`,
  },
  {
    family: 'convolution',
    test: /expected input\[.*\] to have (\w+) channels, but got (\w+) channels/,
    en: (m) => `the convolution takes ${m[1]} channels and gets ${m[2]}`,
    zh: (m) => `卷积需要 ${m[1]} 个通道，得到 ${m[2]} 个`,
    key: (m) => `${m[1]}|${m[2]}`,
    roles: () => ['input', 'weight'],
  },
  {
    family: 'convolution',
    test: /Calculated padded input size per channel: \((.*?)\)\. Kernel size: \((.*?)\)/,
    en: (m) => `the kernel (${m[2]}) is larger than the padded input (${m[1]})`,
    zh: (m) => `卷积核 (${m[2]}) 大于填充后的输入 (${m[1]})`,
    roles: () => ['input', 'weight'],
  },
  {
    family: 'convolution',
    test: /^(?:Given input size.*Output size is too small|Expected \dD \(unbatched\) or \dD \(batched\) input to conv.*|Given (?:groups|transposed)=.*)/,
    en: (m) => shortened(m[0]),
    zh: (m) => `卷积或池化的形状不符：${shortened(m[0])}`,
    roles: () => ['input', 'weight'],
  },
  {
    family: 'broadcast',
    test: /^The size of tensor a \((\w+)\) must match the size of tensor b \((\w+)\) at non-singleton dimension/,
    en: (m) => `shapes cannot be broadcast (${m[1]} against ${m[2]})`,
    zh: (m) => `形状无法广播（${m[1]} 对 ${m[2]}）`,
    key: (m) => `${m[1]}|${m[2]}`,
  },
  {
    family: 'broadcast',
    test: /^The expanded size of the tensor \((-?\w+)\) must match the existing size \((\w+)\)/,
    en: (m) => `cannot be expanded (${m[2]} to ${m[1]})`,
    zh: (m) => `无法扩展（${m[2]} 到 ${m[1]}）`,
    key: (m) => `${m[1]}|${m[2]}`,
  },
  {
    family: 'broadcast',
    test: /^(?:non-broadcast dimensions must match|shape mismatch: |output with shape |The size of tensor a |The expanded size of the tensor|expand: |expand\().*$/,
    en: (m) => shortened(m[0]),
    zh: (m) => `形状无法广播：${shortened(m[0])}`,
  },
  {
    family: 'view',
    test: /^shape '\[([-\d, ]*)\]' is invalid for input of size (\d+)/,
    en: (m) => `${m[2]} elements cannot be viewed as [${m[1]}]`,
    zh: (m) => `${m[2]} 个元素无法变成形状 [${m[1]}]`,
    // with -1 the rest need only divide: the fraction tells as well
    key: (m) => ratio(Number(m[2]), product(m[1]!)),
  },
  {
    family: 'view',
    test: /^view size is not compatible with input tensor's size and stride/,
    en: () => 'view() needs memory that is contiguous across the merged dimensions: use reshape()',
    zh: () => 'view() 要求被合并的维度在内存中连续：请用 reshape()',
    key: () => 'stride',
  },
  {
    family: 'view',
    test: /^(?:unflatten: |permute\(|number of dims don't match|flatten\(\) has invalid args).*$/,
    en: (m) => shortened(m[0]),
    zh: (m) => `无法改变形状：${shortened(m[0])}`,
  },
  {
    family: 'join',
    test: /^Sizes of tensors must match except in dimension \d+\. Expected size (\w+) but got size (\w+) for tensor number (\d+)/,
    en: (m) => `tensor ${m[3]} has ${m[2]} where the first has ${m[1]}`,
    zh: (m) => `第 ${m[3]} 个张量是 ${m[2]}，第一个是 ${m[1]}`,
    key: (m) => `${m[1]}|${m[2]}|${m[3]}`,
    roles: (m) => ['tensors[0]', `tensors[${m[3]}]`],
  },
  {
    family: 'join',
    test: /^stack expects each tensor to be equal size, but got (\[.*?\]) at entry 0 and (\[.*?\]) at entry (\d+)/,
    en: (m) => `stack needs equal shapes: tensor ${m[3]} is ${m[2]}, the first is ${m[1]}`,
    zh: (m) => `stack 需要相同形状：第 ${m[3]} 个张量是 ${m[2]}，第一个是 ${m[1]}`,
    key: (m) => differing(m[1]!, m[2]!),
    roles: (m) => ['tensors[0]', `tensors[${m[3]}]`],
  },
  {
    family: 'join',
    test: /^(?:Tensors must have same number of dimensions: got (\d+) and (\d+)|zero-dimensional tensor)/,
    en: (m) => (m[1] === undefined ? m[0] : `cat needs equal ranks: ${m[1]} and ${m[2]}`),
    zh: (m) => (m[1] === undefined ? '零维张量不能拼接' : `cat 需要相同的维数：${m[1]} 与 ${m[2]}`),
    key: (m) => `${m[1]}|${m[2]}`,
  },
  {
    family: 'join',
    test: /^split_with_sizes expects split_sizes to sum exactly to (\d+).*split_sizes=(\[.*\])/,
    en: (m) => `the sizes ${m[2]} do not sum to ${m[1]}`,
    zh: (m) => `各段大小 ${m[2]} 之和不是 ${m[1]}`,
  },
  {
    family: 'dtype',
    test: /^(?:expected .*to have the same dtype, but got: .*|expected m1 and m2 to have the same dtype.*|self and mat2 must have the same dtype.*|Input dtypes must be the same.*|Input type \(.*\) and (?:weight|bias) type .*should be the same|expected scalar type .*|Expected tensor for argument #1 'indices' to have one of the following scalar types.*|Expected query, key, and value to have the same dtype.*|tensors used as indices must be.*|masked_fill_? only supports boolean masks.*|.*must have the same scalar type.*|.*Expected dtype int(?:32\/int)?64.* for index.*|expected common dtype to be floating point.*|result type \w+ can't be cast.*|[A-Z]\w+ did not match [A-Z]\w+|Index put requires the source and destination dtypes match.*)$/,
    en: (m) => shortened(m[0]),
    zh: (m) => `数据类型不符：${shortened(m[0])}`,
    // batch sizes in a message are no part of a clash of dtypes
    key: (m) => m[0].replace(/\[[^\]]*\]/g, '[]'),
  },
  {
    family: 'argument',
    test: /^Given normalized_shape=\[([^\]]*)\], expected input with shape .* but got input of size\s*\[([^\]]*)\]/,
    en: (m) => `the normalisation is over [${m[1]}], the input ends in [${lastOf(m[2]!, m[1]!)}]`,
    zh: (m) => `归一化作用于 [${m[1]}]，输入的末尾是 [${lastOf(m[2]!, m[1]!)}]`,
    key: (m) => `${m[1]}|${lastOf(m[2]!, m[1]!)}`,
  },
  {
    family: 'argument',
    test: /^Expected (weight|bias) to be a vector of size equal to the number of channels in input, but got (?:weight|bias) of shape \[(\d+)\] and input of shape \[\d+, (\d+)/,
    en: (m) => `the normalisation has ${m[2]} channels, the input ${m[3]}`,
    zh: (m) => `归一化有 ${m[2]} 个通道，输入有 ${m[3]} 个`,
    key: (m) => `${m[2]}|${m[3]}`,
  },
  {
    family: 'argument',
    test: /^(running_mean|running_var|weight|bias) should contain (\d+) elements not (\d+)/,
    en: (m) => `the normalisation has ${m[3]} channels, the input ${m[2]}`,
    zh: (m) => `归一化有 ${m[3]} 个通道，输入有 ${m[2]} 个`,
    key: (m) => `${m[2]}|${m[3]}`,
  },
];

/** The extents that a product sums over. */
function innerOf(a: string, b: string): [string, string] {
  const [x, y] = [a, b].map((s) => s.replace(/[[\]\s]/g, '').split(','));
  return [x![x!.length - 1]!, y![Math.max(0, y!.length - 2)]!];
}

/** As many trailing extents as the second list has. */
function lastOf(shape: string, like: string): string {
  return shape
    .split(', ')
    .slice(-like.split(',').filter((x) => x.trim() !== '').length)
    .join(', ');
}

function shortened(text: string): string {
  const line = text.split('\n')[0]!.trim().replace(/\.$/, '');
  return line.length > 160 ? `${line.slice(0, 157)}…` : line;
}

/** The dimensions in which two shapes differ: `1:64|32`. */
function differing(a: string, b: string): string {
  const [x, y] = [a, b].map((s) => s.replace(/[[\]\s]/g, '').split(','));
  if (x!.length !== y!.length) return `${x!.length}d|${y!.length}d`;
  return x!.flatMap((d, i) => (d === y![i] ? [] : [`${i}:${d}|${y![i]}`])).join();
}

/** Limits of a back end, of a device or of the content of tensors, and messages of ours that say less than PyTorch's. */
const notCertain =
  /not implemented|not supported|only supports? (?!boolean)|unsupported|device|CUDA|\bcpu\b|deterministic|memory format|leaf [Vv]ariable|more than one element of the written-to|out of memory|\bNaN\b|unknown/i;

/**
 * The family of what PyTorch said; null for errors that are not about shapes, dtypes or dims,
 * or that depend on more than these.
 */
export function classify(type: string, message: string, fromOperator: boolean): Rejection | null {
  if (!/^(RuntimeError|ValueError|IndexError|AssertionError)$/.test(type)) return null;
  if (message === '' || notCertain.test(message)) return null;
  for (const p of patterns) {
    const m = p.test.exec(message);
    if (m === null) continue;
    return {
      family: p.family,
      key: p.key?.(m) ?? m[0],
      problem: { en: p.en(m), zh: p.zh(m) },
      roles: p.roles?.(m) ?? null,
    };
  }
  if (!fromOperator && type === 'IndexError') return null;
  return {
    family: 'argument',
    key: message,
    problem: { en: shortened(message), zh: `参数或形状不被接受：${shortened(message)}` },
    roles: null,
  };
}

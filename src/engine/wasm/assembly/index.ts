/**
 * The kernels of the WebAssembly engine, in AssemblyScript. `run` calls the others by number. Each is
 * exported by the name of its op; inside some have others, since the functions on four lanes have those.
 */
export * from './columns';
export {
  add,
  broadcast,
  copy,
  div,
  eq,
  ge,
  gt,
  le,
  lt,
  max2 as max,
  min2 as min,
  mul,
  ne,
  pows as pow,
  sub,
  where,
} from './elementwise';
export { finite } from './finite';
export * from './matmul';
export * from './rows';
export * from './run';
export * from './series';
export { crossEntropySlope, softmaxes } from './softmax';
export * from './sorting';
export { meeting, work } from './threads';
export {
  absolute as abs,
  atans as atan,
  coses as cos,
  coshs as cosh,
  erfs as erf,
  expm1s as expm1,
  exps as exp,
  floors as floor,
  log1ps as log1p,
  logs as log,
  neg,
  reciprocal,
  relus as relu,
  rsqrt,
  sigmoids as sigmoid,
  signs as sign,
  sinhs as sinh,
  sins as sin,
  softpluses as softplus,
  sqrt,
  square,
  tanhs as tanh,
  tans as tan,
} from './unary';

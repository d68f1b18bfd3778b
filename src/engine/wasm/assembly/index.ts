/** The kernels of the WebAssembly engine, in AssemblyScript. `run` calls the others by number. */
export * from './columns';
export * from './elementwise';
export * from './matmul';
export * from './rows';
export * from './run';
export * from './unary';

/** The reference code of every op. */
import type { Instruction } from '../../graph/plan.ts';
import type { ElementaryFunctions } from '../elementary.ts';
import * as columns from './columns.ts';
import {
  binaryLoops,
  bindBinary,
  bindBroadcast,
  bindCopy,
  bindUnary,
  bindWhere,
  unaryLoops,
} from './elementwise.ts';
import { bindMatmul, bindMatmulTransposeA, bindMatmulTransposeB } from './matmul.ts';
import type { Bind } from './memory.ts';
import * as rows from './rows.ts';

/** The code of every instruction. */
export function bindings(functions: ElementaryFunctions): Record<Instruction['op'], Bind> {
  return {
    ...mapValues(unaryLoops(functions), bindUnary),
    ...mapValues(binaryLoops(functions), bindBinary),
    where: bindWhere,
    broadcast: bindBroadcast,
    copy: bindCopy,
    matmul: bindMatmul,
    matmulTransposeA: bindMatmulTransposeA,
    matmulTransposeB: bindMatmulTransposeB,
    sumRows: rows.bindSumRows,
    sumCols: rows.bindSumCols,
    maxCols: rows.bindMaxCols,
    argmaxCols: rows.bindArgmaxCols,
    softmax: rows.bindSoftmax,
    logSoftmax: rows.bindLogSoftmax,
    pick: rows.bindPick,
    oneHot: rows.bindOneHot,
    cumsumCols: columns.bindCumsumCols,
    sortCols: columns.bindSortCols,
    rankCols: columns.bindRankCols,
    takeCols: columns.bindTakeCols,
    columns: columns.bindColumns,
    placeColumns: columns.bindPlaceColumns,
    permute: columns.bindPermute,
    batchSize: rows.bindBatchSize,
    uniform: rows.bindUniform,
  };
}

function mapValues<K extends string, A, B>(record: Record<K, A>, f: (value: A) => B): Record<K, B> {
  const entries = Object.entries<A>(record).map(([key, value]) => [key, f(value)]);
  return Object.fromEntries(entries) as Record<K, B>;
}

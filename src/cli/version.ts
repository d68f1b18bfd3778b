/** The version of this program, from the one place that states it. */
import { version } from '../../package.json';

export const toolVersion: string = version;

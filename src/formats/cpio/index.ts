export { CpioFormatError, readCpio } from './read.ts';

export { CpioFormatError, readCpio } from './read.ts';
export { type CpioMember, writeCpio } from './write.ts';

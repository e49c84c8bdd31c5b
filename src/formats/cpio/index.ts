export { type CpioEntry, CpioFormatError, type CpioMemberInfo, readCpio } from './read.ts';

/** Whether a difference from stock is accounted for. */
export type Standing =
  /** The bundle itself says why it is so: it was asked for, or follows from what was. */
  | 'explained'
  /** Nothing says why, or it breaks what stock keeps. */
  | 'open';

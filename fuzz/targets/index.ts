import type { Target } from '../target.ts';
import { archiveTarget, besideTarget } from './bundle.ts';
import { bzImageTarget } from './bzimage.ts';
import { configTarget } from './config.ts';
import { cpioTarget } from './cpio.ts';
import { defaultsTarget } from './defaults.ts';
import { firmwareTarget } from './firmware.ts';
import { fleetTarget } from './fleet.ts';
import { hardwareTarget } from './hardware.ts';
import { kconfigTarget } from './kconfig.ts';
import { manifestTarget } from './manifest.ts';
import { minisignTarget } from './minisign.ts';
import { moduleTarget } from './module.ts';
import { rpmTarget } from './rpm.ts';
import { specTarget } from './spec.ts';
import { srpmTarget } from './srpm.ts';
import { symversTarget } from './symvers.ts';

/** All readers of foreign bytes. */
export const targets: readonly Target[] = [
  kconfigTarget,
  configTarget,
  rpmTarget,
  cpioTarget,
  srpmTarget,
  specTarget,
  moduleTarget,
  bzImageTarget,
  manifestTarget,
  archiveTarget,
  besideTarget,
  minisignTarget,
  defaultsTarget,
  fleetTarget,
  hardwareTarget,
  symversTarget,
  firmwareTarget,
];

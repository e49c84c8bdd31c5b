/**
 * The version that a driver's sources give to it by `MODULE_VERSION` (include/linux/module.h), be it
 * written there or in a macro that is one piece of text.
 *
 * @param texts - the C files and headers of the driver
 * @returns undefined if there is none, or one that only the preprocessor could tell
 */
export function moduleVersion(texts: readonly string[]): string | undefined {
  const whole = texts.join('\n');
  const argument = /^\s*MODULE_VERSION\s*\(\s*(?:"([^"\n]*)"|([A-Za-z_]\w*))\s*\)/m.exec(whole);
  if (argument?.[1] !== undefined) return argument[1];
  const macro = argument?.[2];
  if (macro === undefined) return undefined;
  return new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${macro}[ \\t]+"([^"\\n]*)"`, 'm').exec(
    whole,
  )?.[1];
}

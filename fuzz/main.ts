/** `npm run fuzz`: tries to break the readers of foreign bytes, or with `kills` a build. See docs/ROBUST.md. */
if (process.argv[2] === 'kills') {
  process.argv.splice(2, 1);
  await import('./kills/main.ts');
} else await import('./readers.ts');

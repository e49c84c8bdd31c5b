/*
 * Preloaded into a kernel tree's own conf, so that its $(shell,...) probes are answered from files
 * instead of by a hundred compiler runs: popen() opens the file that is named after the command.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static FILE *answer;

FILE *popen(const char *command, const char *mode)
{
	FILE *(*real)(const char *, const char *) = dlsym(RTLD_NEXT, "popen");
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	char path[4096];

	for (const char *p = command; *p; p++)
		hash = (hash ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
	snprintf(path, sizeof(path), "%s/%016" PRIx64, getenv("ANSWERS"), hash);
	answer = fopen(path, "r");
	if (answer)
		return answer;
	fprintf(stderr, "unanswered: %s\n", command);
	return real(command, mode);
}

int pclose(FILE *stream)
{
	int (*real)(FILE *) = dlsym(RTLD_NEXT, "pclose");

	return stream == answer ? fclose(stream) : real(stream);
}

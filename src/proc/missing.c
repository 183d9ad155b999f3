/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/missing.h"

#include <stdio.h>

int missing_note(struct missing *missing, struct error *err)
{
	char hint[sizeof(err->hint)];

	snprintf(hint, sizeof(hint), "%s", err->hint);
	if (missing->permitted) {
		if (missing->count < MISSING_MAX)
			snprintf(missing->texts[missing->count], sizeof(missing->texts[0]), "%.511s",
				 err->message);
		missing->count++;
		return 0;
	}
	if (!hint[0])
		return error_hint(err, "--permit-missing runs the program without it");
	return error_hint(err, "%.400s; --permit-missing runs the program without it", hint);
}

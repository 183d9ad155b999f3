/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A name that is not kept. */
#include "keep/drop.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"

int keep_set_unknown(const char *name, struct error *err)
{
	AUTO_KEPT struct kept_list list = {0};
	AUTO_FREE const char **names = NULL;
	struct error ignored; /* then there is nothing to suggest */

	error_set(err, ENOENT, "no namespace is kept as '%s'", name);
	if (keep_list(&list, &ignored) < 0 || list.count == 0)
		return error_hint(err, "nothing is kept: nsctl keep NAME TARGET");
	names = calloc(list.count + 1, sizeof(*names));
	for (size_t i = 0; names && i < list.count; i++)
		names[i] = list.items[i].name;
	return names ? error_suggest(err, name, names, "nsctl keep lists the names") : -ENOENT;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/path.h"

#include <string.h>

const char *path_below(const char *root, const char *path)
{
	size_t length = strlen(root);

	while (length > 0 && root[length - 1] == '/')
		length--;
	if (strncmp(path, root, length) != 0 || (path[length] != '/' && path[length] != '\0'))
		return NULL;
	path += length;
	return strcmp(path, "/") == 0 ? path + 1 : path;
}

#include "proc/privileges.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "proc/status.h"

/* key is "\nNAME:\t": newlines in the process's name are escaped, so that it cannot forge a key. */
static bool read_set(const char *text, const char *key, uint64_t *set)
{
	const char *at = strstr(text, key);

	return at && sscanf(at + strlen(key), "%16" SCNx64, set) == 1;
}

int privileges_parse(const char *text, struct privileges *privileges)
{
	uint64_t no_new_privs;

	if (!read_set(text, "\nCapBnd:\t", &privileges->bounding) ||
	    !read_set(text, "\nCapInh:\t", &privileges->inheritable) ||
	    !read_set(text, "\nCapAmb:\t", &privileges->ambient) ||
	    !read_set(text, "\nNoNewPrivs:\t", &no_new_privs))
		return -EPROTO;
	privileges->no_new_privs = no_new_privs != 0;
	return 0;
}

int privileges_read(const struct process *process, struct privileges *privileges)
{
	AUTO_FREE char *text = NULL;
	int ret = process_load_status(process->dir_fd, "status", &text);

	return ret < 0 ? ret : privileges_parse(text, privileges);
}

#include "snapshot/facts.h"

#include <errno.h>
#include <fcntl.h>

void facts_read_own_links(struct process_links *own)
{
	AUTO_PROCESS struct process self = PROCESS_CLOSED;

	self.dir_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	process_read_links(&self, own);
}

static void read_related(int opened, const struct ns *ns, struct ns *related, struct related_ns *out)
{
	*out = (struct related_ns){.reason = -opened};
	if (opened == 0)
		out->ino = related->ino;
	/* The kernel answers EPERM for "none" and for "outside" alike. */
	if (opened == -EPERM && ns_is_initial(ns->type, ns->ino))
		out->is_none = true;
	ns_close(related);
}

void facts_read_of_ns(const struct ns *ns, struct ns_facts *facts)
{
	struct ns related = NS_CLOSED;

	facts->id = ns_read_id(ns);
	read_related(ns_open_owner(ns, &related), ns, &related, &facts->owner);
	if (ns->type == NS_PID || ns->type == NS_USER)
		read_related(ns_open_parent(ns, &related), ns, &related, &facts->parent);
	else
		facts->parent = (struct related_ns){.reason = EPERM, .is_none = true};
}

#include "query/facts.h"

#include <errno.h>
#include <fcntl.h>

void facts_read_own_links(struct process_links *own)
{
	AUTO_PROCESS struct process self = PROCESS_CLOSED;

	self.dir_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	process_read_links(&self, own);
}

/* The kernel answers EPERM for "none" and for "outside" alike: can_be_none tells them apart. */
static void read_related(int opened, bool can_be_none, struct ns *related, struct related_ns *out)
{
	*out = (struct related_ns){
	    .reason = -opened,
	    .is_none = opened == -EPERM && can_be_none,
	    .ino = opened == 0 ? related->ino : 0,
	};
	ns_close(related);
}

void facts_read_of_ns(const struct ns *ns, struct ns_facts *facts)
{
	struct ns related = NS_CLOSED;
	bool is_initial = ns_is_initial(ns->type, ns->ino);

	facts->id = ns_read_id(ns);
	read_related(ns_open_owner(ns, &related), is_initial && ns->type == NS_USER, &related, &facts->owner);
	if (ns->type == NS_PID || ns->type == NS_USER)
		read_related(ns_open_parent(ns, &related), is_initial, &related, &facts->parent);
	else
		facts->parent = (struct related_ns){.reason = EPERM, .is_none = true};
}

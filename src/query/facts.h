/* What is true of any namespace, whoever asks. */
#ifndef NSCTL_QUERY_FACTS_H
#define NSCTL_QUERY_FACTS_H

#include "query/describe.h"

/* Id, owner and parent of an open namespace; the rest of facts stays. */
void facts_read_of_ns(const struct ns *ns, struct ns_facts *facts);

/* The caller's own links; a link that cannot be read is 0. */
void facts_read_own_links(struct process_links *own);

#endif

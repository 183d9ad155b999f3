/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The least that reading all tasks by BPF takes: the program loaded, its records read and thrown away. */
#include <stdlib.h>
#include <unistd.h>

#include "bpf/iterator.h"

int main(void)
{
	static char buffer[65536];
	struct kernel_types types;
	ssize_t length;
	int fd;

	if (btf_read(&types) < 0)
		return EXIT_FAILURE;
	fd = iterator_open(&types, PROGRAM_TASKS, NULL);
	if (fd < 0)
		return EXIT_FAILURE;
	do
		length = read(fd, buffer, sizeof(buffer));
	while (length > 0);
	return length < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

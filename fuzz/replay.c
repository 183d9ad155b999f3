/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In place of libFuzzer: gives the fuzzer every file of a directory, and prints how many there were. */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/file.h"
#include "input.h"

#define INPUT_LIMIT (1U << 20)

static void replay(int dir_fd, const char *name)
{
	char *input;
	ssize_t length = file_load_at(dir_fd, name, INPUT_LIMIT, &input);

	if (length < 0)
		errx(2, "%s: %s", name, strerror((int)-length));
	fprintf(stderr, "%s\n", name);
	LLVMFuzzerTestOneInput((const uint8_t *)input, (size_t)length);
	free(input);
}

int main(int argc, char **argv)
{
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	const struct dirent *entry;
	size_t count = 0;

	if (!dir)
		err(2, "usage: replay_NAME DIRECTORY");
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		replay(dirfd(dir), entry->d_name);
		count++;
	}
	closedir(dir);
	fprintf(stderr, "%zu inputs\n", count);
	return count > 0 ? 0 : 2;
}

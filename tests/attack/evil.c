/*
 * A library that tells when it is loaded: adds a line to /marker, the file
 * that the process was started from and how the library came there.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <unistd.h>

__attribute__((constructor)) static void mark(void)
{
	const char *program = (const char *)getauxval(AT_EXECFN);
	int fd = open("/marker", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	if (fd < 0)
		return;
	dprintf(fd, "%s %s\n", KIND, program ? program : "?");
	close(fd);
}

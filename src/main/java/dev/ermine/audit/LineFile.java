package dev.ermine.audit;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines that only grows. After any failure it is opened anew: pages that a disk once
 * failed to take may be forgotten by the next force of the same file, which then succeeds.
 *
 * @see <a href="https://www.usenix.org/conference/atc20/presentation/rebello">Rebello et al., Can
 *     Applications Recover from fsync Failures? (2020)</a>
 */
final class LineFile implements Disk {

  private static final int BUFFER = 1 << 16;
  private static final long ROOM = 1 << 20;

  private final Path path;
  private final Forcer forcer;
  private @Nullable Opened opened;

  LineFile(Path path) {
    this(path, channel -> channel.force(false));
  }

  LineFile(Path path, Forcer forcer) {
    this.path = path.toAbsolutePath();
    this.forcer = forcer;
  }

  /** What makes the content of a file outlive a loss of power. */
  @FunctionalInterface
  interface Forcer {
    void force(FileChannel channel) throws IOException;
  }

  /**
   * The file while it is open.
   *
   * @param key which file it is, whatever its name has come to be
   */
  private record Opened(FileChannel channel, OutputStream out, @Nullable Object key) {}

  @Override
  public void append(List<byte[]> lines) throws IOException {
    try {
      Opened file = opened();
      for (byte[] line : lines) {
        file.out.write(line);
        file.out.write('\n');
      }
      file.out.flush();
      forcer.force(file.channel);
    } catch (IOException | RuntimeException e) {
      closeAfter(e);
      throw e;
    }
  }

  private void closeAfter(Exception failure) {
    try {
      close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    Opened file = opened;
    opened = null;
    if (file != null) {
      file.channel.close();
    }
  }

  /** The open file, as long as it is the one that the path names: it may be moved or deleted. */
  private Opened opened() throws IOException {
    if (opened != null && !isAt(path, opened)) {
      close();
    }
    if (opened == null) {
      opened = open();
    }
    return opened;
  }

  private static boolean isAt(Path path, Opened file) throws IOException {
    try {
      return Objects.equals(attributes(path).fileKey(), file.key);
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private Opened open() throws IOException {
    create();
    BasicFileAttributes attributes = attributes(path);
    if (!attributes.isRegularFile()) {
      throw new IOException("`" + path + "` is not a regular file");
    }
    requireRoom();
    boolean torn = isTorn();
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
    if (torn) {
      out.write('\n');
    }
    return new Opened(channel, out, attributes.fileKey());
  }

  private void create() throws IOException {
    try {
      Files.createFile(path, ownerOnly());
    } catch (FileAlreadyExistsException goesOn) {
      return;
    }
    // The file's name is in its directory, which has to be forced on its own.
    if (posix()) {
      try (FileChannel directory = FileChannel.open(directory(), StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }

  private FileAttribute<?>[] ownerOnly() {
    return posix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private boolean posix() {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private Path directory() {
    return Objects.requireNonNull(path.getParent(), "a file is in a directory");
  }

  /** A disk that is full may still take a byte or two: nothing shows but the room that is left. */
  private void requireRoom() throws IOException {
    File file = path.toFile();
    boolean known = file.getTotalSpace() > 0;
    if (known && file.getUsableSpace() < ROOM) {
      throw new IOException("`" + directory() + "` has no room left");
    }
  }

  /** Whether a crash or a full disk cut the last line short. */
  private boolean isTorn() throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer end = ByteBuffer.allocate(1);
      long size = channel.size();
      return size > 0 && channel.read(end, size - 1) == 1 && end.get(0) != '\n';
    }
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class);
  }
}

package dev.ermine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A small text file of keys: its owner's alone from its first byte on, or for everyone to read. */
final class KeyFile {

  private KeyFile() {}

  /** Writes a file that only its owner can read, replacing one of that name. */
  static void writePrivate(Path file, String text) throws IOException {
    write(file, text, "rw-------");
  }

  /** Writes a file that everyone can read, replacing one of that name. */
  static void writePublic(Path file, String text) throws IOException {
    write(file, text, "rw-r--r--");
  }

  private static void write(Path file, String text, String permissions) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    Files.writeString(file, text);
  }
}

package dev.ermine.app.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Why a command could not run, in words that name no part of the program. */
final class Failure {

  private Failure() {}

  static String words(Exception failure) {
    @Nullable Throwable cause =
        failure instanceof UncheckedIOException ? failure.getCause() : failure;
    return switch (cause) {
      case IOException e -> of(e);
      case null, default ->
          "something is wrong with the program itself; tell its makers what you have asked of it";
    };
  }

  private static String of(IOException failure) {
    return switch (failure) {
      case NoSuchFileException e -> "`" + e.getFile() + "` does not exist; name a file that does";
      case AccessDeniedException e -> "`" + e.getFile() + "` may not be read; change whose it is";
      case FileSystemException e -> "`" + e.getFile() + "` cannot be read; is it a plain file?";
      default -> "a file could not be read to its end; look at the disk, and try again";
    };
  }
}

package dev.ermine.app;

import dev.ermine.region.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/** A file of private keys, which is for its owner and perhaps a group, and for nobody else. */
public final class PrivateFile {

  private PrivateFile() {}

  /** Why the file may not be used at that stage; empty, too, where nobody can say who may read. */
  public static Optional<String> fault(Path file, Stage stage) {
    return stage == Stage.PRODUCTION && isOpenToOthers(file)
        ? Optional.of(
            "`%s` is open to every user of this machine; take their permissions away (`chmod o= %s`)"
                .formatted(file, file))
        : Optional.empty();
  }

  private static boolean isOpenToOthers(Path file) {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    try {
      return view != null
          && view.readAttributes().permissions().stream()
              .anyMatch(
                  permission ->
                      permission == PosixFilePermission.OTHERS_READ
                          || permission == PosixFilePermission.OTHERS_WRITE);
    } catch (IOException e) {
      // Gone, or out of reach: whoever reads it next says so.
      return false;
    }
  }
}

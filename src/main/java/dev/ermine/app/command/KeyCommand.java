package dev.ermine.app.command;

import dev.ermine.trust.OfficerSigner;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trust key}: a pair of keys for an officer. */
@Command(
    name = "key",
    description = "Make an officer's keys: print the public one, write the private one.")
final class KeyCommand implements Callable<Integer> {

  private final PrintWriter out;
  private final PrintWriter err;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--officer", required = true, paramLabel = "ID", description = "Who signs.")
  private String officer = "";

  @Parameters(paramLabel = "OUT", description = "The file to be made for the private key.")
  private Path file = Path.of("");

  KeyCommand(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    OfficerOption.check(officer, spec);
    OfficerSigner.Pair pair = OfficerSigner.pair(officer);
    try {
      write(pair.privateKey());
    } catch (FileAlreadyExistsException e) {
      err.println(file + ": is there already; name another, so that no key is lost");
      return Exit.COULD_NOT_RUN;
    }
    out.println(pair.publicKey());
    return Exit.GOOD;
  }

  /** For its owner alone from the first byte on, where files have permissions. */
  private void write(String key) throws IOException {
    FileAttribute<?>[] ownerAlone =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (OutputStream to =
        Channels.newOutputStream(
            Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                ownerAlone))) {
      to.write((key + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}

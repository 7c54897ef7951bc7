package dev.ermine.app.command;

import dev.ermine.region.RegionsFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trust files}: the hashes that {@code regions.yaml} binds its files by. */
@Command(
    name = "files",
    description = "Print the block `files:` of a file: the SHA-256 of each file that it names.")
final class FilesCommand implements Callable<Integer> {

  private final PrintWriter out;
  private final PrintWriter err;

  @Parameters(paramLabel = "FILE", description = "The regions.")
  private Path file = Path.of("");

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description = "Where the files that it names are (${DEFAULT-VALUE}).")
  private Path certs = Path.of("certs");

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  FilesCommand(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    RegionsFile.Listing listing = RegionsFile.files(file, certs);
    if (!listing.faults().isEmpty()) {
      listing.faults().forEach(fault -> err.println(Versions.told(file, fault)));
      return Exit.COULD_NOT_RUN;
    }
    if (json) {
      out.println(Json.text(Json.object("files", listing.hashes())));
    } else {
      out.println("files:");
      listing.hashes().forEach((name, hash) -> out.println("  " + name + ": " + hash));
    }
    return Exit.GOOD;
  }
}

package dev.ermine.app.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that every command has. */
final class Answering {

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description = "Where the files that the regions' file names are (${DEFAULT-VALUE}).")
  private Path certs = Path.of("certs");

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  Path certs() {
    return certs;
  }

  boolean json() {
    return json;
  }
}

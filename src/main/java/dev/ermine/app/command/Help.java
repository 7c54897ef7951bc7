package dev.ermine.app.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The option that every command has. */
@Command(
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer =
        "%nExit: 0 good or permit; 1 a finding, denial or difference; 2 usage; 3 could not run.")
final class Help {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Say how this is used.")
  boolean help;
}

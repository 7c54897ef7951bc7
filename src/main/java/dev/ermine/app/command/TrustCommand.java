package dev.ermine.app.command;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ermine trust}: what a version of {@code regions.yaml} comes to, before it is in force. */
@Command(
    name = "ermine trust",
    description =
        "What a version of regions.yaml comes to, decided by the code that decides queries.",
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer =
        "%nExit: 0 good or permit; 1 a finding, denial or difference; 2 usage; 3 could not run.")
public final class TrustCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  TrustCommand() {}

  /** Runs the command of these arguments and tells how it ended. */
  public static int run(String... arguments) {
    return run(
        Clock.systemUTC(),
        System.out,
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        arguments);
  }

  static int run(InstantSource clock, OutputStream bytes, PrintWriter err, String... arguments) {
    PrintWriter out = new PrintWriter(bytes, true, StandardCharsets.UTF_8);
    CommandLine line =
        new CommandLine(new TrustCommand())
            .addSubcommand(new ExplainCommand(clock, out, err))
            .addSubcommand(new DiffCommand(clock, out, err))
            .addSubcommand(new CheckCommand(clock, out, err))
            .addSubcommand(new KeyCommand(out, err))
            .addSubcommand(new FilesCommand(out, err))
            .addSubcommand(new SignCommand(clock, out, err))
            .addSubcommand(new VerifyCommand(clock, out, err))
            .addSubcommand(new PseudonymiseCommand(bytes, err));
    line.addMixin("help", new Help());
    line.getSubcommands().values().forEach(each -> each.addMixin("help", new Help()));
    return line.setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(
            (failure, _, _) -> {
              err.println("ermine: could not run: " + Failure.words(failure));
              return Exit.COULD_NOT_RUN;
            })
        .execute(arguments);
  }

  /** Without a command it says what there is. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        commandLine(),
        "say what to do: explain, diff, check, pseudonymise, key, files, sign or verify");
  }

  @Command(name = "completion", description = "Print a completion script for bash and zsh.")
  void completion() {
    PrintWriter out = commandLine().getOut();
    out.print(AutoComplete.bash("ermine", commandLine()));
    out.flush();
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("picocli makes the command");
    }
    return spec.commandLine();
  }
}

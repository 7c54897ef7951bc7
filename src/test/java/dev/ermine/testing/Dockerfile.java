package dev.ermine.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The instructions of a Dockerfile's last stage, in order: the image that it makes.
 *
 * @see <a href="https://docs.docker.com/reference/dockerfile/">Dockerfile reference</a>
 */
public record Dockerfile(List<Instruction> instructions) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** One instruction: {@code USER} and {@code 10001}. */
  public record Instruction(String name, String arguments) {

    /** Its arguments in the form that calls no shell, a JSON array. */
    public List<String> exec() {
      try {
        return JSON.readValue(arguments, new TypeReference<>() {});
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(name + " calls a shell: " + arguments, e);
      }
    }
  }

  public static Dockerfile read(Path file) throws IOException {
    var stage = new ArrayList<Instruction>();
    String text =
        Files.readString(file).replaceAll("(?m)^\\s*#.*\\R", "").replaceAll("\\\\\\R", "");
    for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
      String[] parts = line.strip().split("\\s+", 2);
      if (parts[0].equals("FROM")) {
        stage.clear();
      }
      stage.add(new Instruction(parts[0], parts[1]));
    }
    return new Dockerfile(List.copyOf(stage));
  }

  /** The arguments of every instruction of that name. */
  public List<String> all(String name) {
    return named(name).map(Instruction::arguments).toList();
  }

  /** What a container runs: the entry point with its usual arguments. */
  public List<String> command() {
    return Stream.of("ENTRYPOINT", "CMD")
        .flatMap(this::named)
        .flatMap(instruction -> instruction.exec().stream())
        .toList();
  }

  /** What runs while the image is built, each without a shell. */
  public List<List<String>> checks() {
    return named("RUN").map(Instruction::exec).toList();
  }

  private Stream<Instruction> named(String name) {
    return instructions.stream().filter(instruction -> instruction.name().equals(name));
  }
}

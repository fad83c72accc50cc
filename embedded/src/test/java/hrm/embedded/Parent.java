package hrm.embedded;

import java.util.concurrent.TimeUnit;

/** Starts something in a temporary folder and then only waits: to be ended from outside. */
public final class Parent {
    private Parent() {}

    public static void main(String[] args) throws InterruptedException {
        var folder = TemporaryFolder.create("hrm-parent-it-");
        var database = EmbeddedDatabase.start(folder.path().resolve("postgresql"));
        System.out.println(folder.path());
        System.out.println(database.process().pid());
        TimeUnit.MINUTES.sleep(5);
    }
}

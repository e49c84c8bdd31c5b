#!/usr/bin/perl
# A stand-in for pathfix.py of python3-devel, for hosts that lack it: sets the
# interpreter in the first line of Python scripts. Folders are searched for files
# that end in .py; a file named by itself is taken whatever its name.
#
# usage: pathfix.py -i INTERPRETER [-p] [-n] [-k] [-a FLAGS] FILE-OR-FOLDER...
#   -p  keep the time of change    -n  leave no backup (file~)
#   -k  keep the interpreter's flags    -a  add flags to the interpreter's
use strict;
use warnings;
use File::Find;
use Getopt::Long qw(:config bundling no_ignore_case);

my ($interpreter, $preserve, $no_backup, $keep_flags, $add_flags);
GetOptions(
    'i=s' => \$interpreter,
    'p' => \$preserve,
    'n' => \$no_backup,
    'k' => \$keep_flags,
    'a=s' => \$add_flags,
) and defined $interpreter and @ARGV or die "usage: pathfix.py -i INTERPRETER [-pnk] [-a FLAGS] FILE...\n";

my $bad = 0;

sub complain { warn "pathfix.py: $_[0]\n"; $bad = 1; }

sub fix {
    my ($path) = @_;
    open my $in, '<:raw', $path or return complain("$path: $!");
    my $first = <$in>;
    return unless defined $first and $first =~ /^#!.*python/;
    my @stat = stat $in;
    my $rest = do { local $/; <$in> };
    close $in;
    my $flags = '';
    if ($keep_flags and $first =~ /^#!\s*\S+(?:\s+\S*python\S*)?\s+-?(\S+)/) { $flags = $1; }
    $flags = $add_flags . $flags if defined $add_flags;
    my $fixed = "#!$interpreter" . ($flags eq '' ? '' : " -$flags") . "\n";
    return if $fixed eq $first;
    my $beside = "$path.pathfix";
    open my $out, '>:raw', $beside or return complain("$beside: $!");
    print $out $fixed, $rest // '' or return complain("$beside: $!");
    close $out or return complain("$beside: $!");
    chmod $stat[2] & 07777, $beside;
    rename $path, "$path~" unless $no_backup;
    rename $beside, $path or return complain("$path: $!");
    utime $stat[8], $stat[9], $path if $preserve;
}

for my $argument (@ARGV) {
    if (-l $argument) { complain("$argument: is a symbolic link"); }
    elsif (-d $argument) {
        find({
            no_chdir => 1,
            wanted => sub { fix($_) if -f $_ and not -l $_ and m{(?:^|/)[A-Za-z0-9_]+\.py$}; },
        }, $argument);
    }
    else { fix($argument); }
}
exit $bad;

Console.WriteLine("im");
